/** The icons of the window: strokes on a grid of 24, in the colour of the text around them. */
const PATHS = {
  shop: 'M4 9.5 5.5 4h13L20 9.5M4 9.5a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0 2.7 2.7 0 0 0 5.3 0M5.5 12.5V20h13v-7.5M10 20v-4.5h4V20',
  cart: 'M3 4h2.2l2 11.2h10.5L20 8H6M9 19.5a.5.5 0 1 1-1 0 .5.5 0 0 1 1 0ZM17 19.5a.5.5 0 1 1-1 0 .5.5 0 0 1 1 0Z',
  orders: 'M6 3.5h12V21l-3-1.8L12 21l-3-1.8L6 21ZM9 8.5h6M9 12.5h6',
  person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-3.6 3.6-6 7.5-6s6.9 2.4 7.5 6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.5 4.5',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  next: 'M9.5 5.5 16 12l-6.5 6.5',
  minus: 'M6 12h12',
  plus: 'M6 12h12M12 6v12',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.2 11v5M13.8 11v5',
  check: 'M5 12.5 10 17.5 19 7.5',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5.2l3.3 2',
  box: 'M4 8l8-4.5L20 8v8.5L12 21l-8-4.5ZM4 8l8 4.5L20 8M12 12.5V21',
  truck:
    'M3 6h11v10H3ZM14 9.5h3.8L21 13v3h-7ZM8.5 17.5a1.7 1.7 0 1 1-3.4 0 1.7 1.7 0 0 1 3.4 0ZM18.7 17.5a1.7 1.7 0 1 1-3.4 0 1.7 1.7 0 0 1 3.4 0Z',
  warning: 'M12 4 2.8 20h18.4ZM12 10v4.5M12 17.2v.3',
  shield: 'M12 3.5 5 6v5.5c0 4.3 2.8 7.5 7 9 4.2-1.5 7-4.7 7-9V6ZM9 12l2.2 2.2L15.2 10',
  refund: 'M4 9.5h11a4.8 4.8 0 0 1 0 9.5H8M4 9.5 8 5.5M4 9.5l4 4',
  globe:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18M12 3c5 5.6 5 12.4 0 18M12 3c-5 5.6-5 12.4 0 18',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside a text that says the same; it is hidden from readers of the page. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
