/** A worker whose runner was ended by a signal ends too, with the servers of its tests, instead of going on alone. */
process.once('disconnect', () => process.exit(1));
