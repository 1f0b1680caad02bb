/*
 * Knowledge about package-lock.json. Packages with native parts name one optional dependency per
 * platform. A registry that lacks some of them makes `npm install` leave them out of the lock, and
 * then `npm ci` refuses the lock on every machine.
 */

/**
 * @typedef {import('./lock-file.d.mts').LockFile} LockFile
 * @typedef {import('./lock-file.d.mts').LockedPackage} LockedPackage
 * @typedef {import('./lock-file.d.mts').Missing} Missing
 */

/**
 * Looks a package up as Node does: below the one that wants it, then further and further out.
 * @param {LockFile['packages']} packages
 * @param {string} place key of the package that wants it
 * @param {string} name
 */
function isLocked(packages, place, name) {
  const parts = place === '' ? [] : place.split(/\/?node_modules\//).slice(1);
  for (let depth = parts.length; depth >= 0; depth--) {
    const outer = parts.slice(0, depth).map((part) => `node_modules/${part}/`);
    if (packages[`${outer.join('')}node_modules/${name}`]) {
      return true;
    }
  }
  return false;
}

/**
 * The exactly named optional dependencies without an entry.
 * @param {LockFile} lock
 * @returns {Missing[]}
 */
export function missingEntries({ packages }) {
  /** @type {Map<string, Missing>} */
  const missing = new Map();
  for (const [place, { optionalDependencies = {}, dev = false }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (/^\d/.test(version) && !isLocked(packages, place, name)) {
        const known = missing.get(name);
        missing.set(name, { name, version, isDev: dev && (known?.isDev ?? true) });
      }
    }
  }
  return [...missing.values()];
}

/**
 * The packages whose entry names the address it came from, which differs between machines.
 * @param {LockFile} lock
 * @returns {string[]}
 */
export function addressedEntries({ packages }) {
  return Object.keys(packages).filter((place) => packages[place]?.resolved !== undefined);
}

const SYSTEMS = 'darwin linux win32 freebsd android openbsd netbsd sunos aix openharmony'.split(
  ' ',
);
const PROCESSORS = 'arm64 x64 ia32 arm riscv64 ppc64 s390x loong64 mips64el wasm32'.split(' ');

/**
 * Reads the platform out of a package's name, such as `@oxlint/binding-linux-arm-gnueabihf`.
 * @param {string} name
 * @returns {Pick<LockedPackage, 'os' | 'cpu'>} only what the name tells
 */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.filter((each) => words.includes(each));
  const cpu = PROCESSORS.filter((each) => words.includes(each));
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(os.length > 0 ? { os } : {}) };
}

/**
 * The lock with an entry for every platform package; npm skips those of other platforms.
 * @param {LockFile} lock
 * @returns {LockFile}
 */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  for (const { name, version, isDev } of missingEntries(lock)) {
    const dev = isDev ? { dev: true } : {};
    packages[`node_modules/${name}`] = { version, optional: true, ...platformOf(name), ...dev };
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...lock, packages: Object.fromEntries(sorted) };
}
