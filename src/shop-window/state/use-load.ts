import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from '../api/client';

/** Something the page shows once the API has answered. */
export interface Loadable<T> {
  readonly data: T | undefined;
  /** Why there is no data, or no newer one. */
  readonly error: Refusal | undefined;
  /** Asks again; what is shown stays until the answer is there. */
  readonly reload: () => Promise<void>;
}

/** Loads when the component appears and whenever `key` changes. */
export function useLoad<T>(key: string, load: () => Promise<T>): Loadable<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: Refusal }>({ key });
  const current = useRef({ key, load });
  current.current = { key, load };

  const reload = useCallback(async () => {
    const { key: asked, load: request } = current.current;
    const update = (change: { data?: T; error?: Refusal }) => {
      // The answer to a question that is no longer asked must not be shown.
      if (asked === current.current.key) {
        setState((before) => ({
          ...(before.key === asked ? { data: before.data } : {}),
          ...change,
          key: asked,
        }));
      }
    };
    try {
      update({ data: await request() });
    } catch (error) {
      update({ error: Refusal.from(error) });
    }
  }, []);

  useEffect(() => void reload(), [key, reload]);
  const shown = state.key === key ? state : { key };
  return { data: shown.data, error: shown.error, reload };
}
