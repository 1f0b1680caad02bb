// V8 prints every collection. The option is not among those that NODE_OPTIONS may name.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--trace-gc');
