/** Keeps the overview fresh, unless somebody is typing or choosing. Without it, reload by hand. */
export const HOME_SCRIPT = `
const EVERY_MS = 2000;
async function refresh() {
  const busy = document.hidden || document.activeElement?.matches('input, select, textarea');
  if (busy) return;
  const response = await fetch('/', { cache: 'no-store' });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (next && next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
  }
}
setInterval(() => refresh().catch(() => {}), EVERY_MS);
`;
