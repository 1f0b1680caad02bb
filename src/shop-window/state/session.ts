import { keep, onKeptElsewhere, recall } from './kept';
import { createStore } from './store';

/** Who is logged in, with the token that proves it to the API. */
export interface Session {
  readonly token: string;
  readonly username: string;
}

const KEPT = 'session';

function kept(): Session | undefined {
  try {
    return JSON.parse(recall(KEPT) ?? '') as Session;
  } catch {
    return undefined;
  }
}

export const session = createStore<Session | undefined>(kept());
onKeptElsewhere(KEPT, () => session.set(kept()));

export function logIn(next: Session): void {
  keep(KEPT, JSON.stringify(next));
  session.set(next);
}

export function logOut(): void {
  keep(KEPT, undefined);
  session.set(undefined);
}
