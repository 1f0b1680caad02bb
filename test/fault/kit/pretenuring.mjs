// On purpose: V8 does again what the shop's own options keep it from.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--allocation-site-pretenuring');
