/** Where class-transformer keeps what its decorators say; it ships no types beside this file. */
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage.js';
}
