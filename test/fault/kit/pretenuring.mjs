// On purpose: V8 does again what the shop's own options keep it from.
import { setFlagsFromString } from 'node:v8';
import './trace-gc.mjs';

setFlagsFromString('--allocation-site-pretenuring');
