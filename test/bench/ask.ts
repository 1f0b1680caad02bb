import type { ChildProcess } from 'node:child_process';

type Handler = (parameters: never) => unknown;
type Reply = { readonly value: unknown } | { readonly error: string };

/** Asks a forked process one question and waits for its answer; one question at a time. */
export function ask<T>(child: ChildProcess, question: string, parameters?: unknown): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onExit = () => reject(new Error(`the process ended while it was asked to ${question}`));
    child.once('exit', onExit);
    child.once('message', (reply: Reply) => {
      child.off('exit', onExit);
      if ('error' in reply) {
        reject(new Error(reply.error));
      } else {
        resolve(reply.value as T);
      }
    });
    child.send({ question, parameters });
  });
}

/** The other side of `ask`, in the forked process, which ends with the one that forked it. */
export function answer(handlers: Readonly<Record<string, Handler>>): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ question, parameters }: { question: string; parameters: unknown }) => {
    const handler = handlers[question] as ((parameters: unknown) => unknown) | undefined;
    Promise.resolve()
      .then(() => handler?.(parameters))
      .then(
        (value) => process.send?.({ value }),
        (error: unknown) =>
          process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
      );
  });
}
