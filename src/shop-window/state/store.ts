import { useEffect, useState } from 'preact/hooks';

/** A value that several parts of the page show, and that tells them when it changes. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Calls `listener` after every change; answers how to stop that. */
  listen(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      value = next;
      listeners.forEach((listener) => listener());
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The value of a store; the component is drawn again whenever it changes. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.get());
  useEffect(() => {
    const update = () => setValue(() => store.get());
    update();
    return store.listen(update);
  }, [store]);
  return value;
}
