/** Rows worked on at the same time: a gateway that is slow must not hold up all the others. */
const LANES = 4;

/** What is to be done with a row that was taken. */
type Work = () => Promise<void>;

/**
 * Takes rows and works on a few of them at the same time, until there is none to take, `max` were
 * begun or `stop` is given; answers how many. They are taken one by one, since a lane that looks
 * while another one holds the locks of its search would see nothing and end. Throws the first
 * failure, after the other lanes have ended.
 */
export async function inLanes(
  max: number,
  take: () => Promise<Work | undefined>,
  stop?: AbortSignal,
): Promise<number> {
  let begun = 0;
  let done = 0;
  let taking: Promise<unknown> = Promise.resolve();
  const takeInTurn = (): Promise<Work | undefined> => {
    const taken = taking.then(take);
    taking = taken.catch(() => undefined);
    return taken;
  };
  const lane = async (): Promise<void> => {
    while (begun < max) {
      begun += 1;
      const work = stop?.aborted ? undefined : await takeInTurn();
      if (!work) {
        return;
      }
      await work();
      done += 1;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }
  return done;
}
