import { useEffect, useRef } from 'preact/hooks';

/**
 * Does something again and again while `active`, each time `pauseMs` after the last time ended.
 * Nothing is done while nobody looks; at once when somebody does again.
 */
export function usePoll(active: boolean, pauseMs: number, work: () => Promise<unknown>): void {
  const current = useRef(work);
  current.current = work;
  useEffect(() => {
    if (!active) {
      return undefined;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    let busy = false;
    const turn = async () => {
      clearTimeout(timer);
      if (busy || document.hidden) {
        return;
      }
      busy = true;
      await current.current();
      busy = false;
      if (!ended) {
        timer = setTimeout(() => void turn(), pauseMs);
      }
    };
    const look = () => void turn();
    document.addEventListener('visibilitychange', look);
    timer = setTimeout(look, pauseMs);
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [active, pauseMs]);
}
