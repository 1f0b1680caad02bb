import { route } from './route';
import { createStore } from './store';

/** A short message that goes away by itself. */
interface Toast {
  readonly text: string;
  readonly tone: 'good' | 'bad';
  readonly link?: { readonly href: string; readonly text: string };
}

const SHOWN_MS = 6000;

export const toast = createStore<Toast | undefined>(undefined);

let timer: ReturnType<typeof setTimeout> | undefined;

// A message is about the page it was said on.
route.listen(() => toast.set(undefined));

export function say(next: Toast): void {
  clearTimeout(timer);
  toast.set(next);
  timer = setTimeout(() => toast.set(undefined), SHOWN_MS);
}
