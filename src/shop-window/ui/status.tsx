import type { Order } from '../api/client';
import { useTexts } from '../state/language';
import type { IconName } from './icons';

type Status = Order['status'];

/** How a status looks: what asks for something to be done is warm, what is over is grey. */
export const LOOKS: Readonly<Record<Status, readonly [tone: string, icon: IconName]>> = {
  1: ['warm', 'clock'],
  2: ['good', 'box'],
  3: ['good', 'truck'],
  4: ['good', 'check'],
  5: ['good', 'check'],
  6: ['grey', 'cross'],
};

export function StatusBadge({ status }: { readonly status: Status }) {
  const t = useTexts();
  return <span class={`badge ${LOOKS[status][0]}`}>{t(`status${status}`)}</span>;
}
