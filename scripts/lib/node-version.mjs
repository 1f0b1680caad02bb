const OLDEST = { major: 20, minor: 19 };

/**
 * Ends the script with one sentence when Node is too old for the packages. Nothing else may be
 * imported before this has run, because newer syntax elsewhere would fail with a worse message.
 */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    console.error(
      `This project needs Node.js ${OLDEST.major}.${OLDEST.minor} or newer (22 or 24 is best), ` +
        `and this is Node.js ${version}. Install a newer one from your usual source and try again.`,
    );
    process.exit(1);
  }
}
