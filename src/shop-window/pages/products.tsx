import { useEffect, useState } from 'preact/hooks';
import { api, ask, picture, type Sku } from '../api/client';
import { useTexts } from '../state/language';
import { go } from '../state/route';
import { useLoad } from '../state/use-load';
import { Icon } from '../ui/icons';
import { Pager } from '../ui/pager';
import { useTitle } from '../ui/page-title';
import { Price } from '../ui/price';
import { Empty, Loaded } from '../ui/states';

const PAGE_SIZE = 20;
const ORDERINGS = [
  ['-sales', 'sortSales'],
  ['-create_time', 'sortNew'],
  ['price', 'sortPriceUp'],
  ['-price', 'sortPriceDown'],
] as const;
type Ordering = (typeof ORDERINGS)[number][0];

/** What is looked for, as it stands in the address. A text is searched in the whole shop. */
interface Wish {
  readonly category: number;
  readonly text: string;
  readonly ordering: Ordering;
  readonly page: number;
}

function readWish(query: URLSearchParams): Wish {
  const ordering = query.get('ordering');
  return {
    category: Number(query.get('category')) || 0,
    text: query.get('text') ?? '',
    ordering: ORDERINGS.find(([name]) => name === ordering)?.[0] ?? '-sales',
    page: Number(query.get('page')) || 1,
  };
}

function addressOf(wish: Partial<Wish>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wish)) {
    if (value && value !== '-sales' && !(name === 'page' && value === 1)) {
      query.set(name, String(value));
    }
  }
  return query.size > 0 ? `/?${query}` : '/';
}

interface Found {
  readonly count: number;
  readonly skus: readonly Sku[];
}

async function find({ category, text, ordering, page }: Wish): Promise<Found> {
  const paging = { page, page_size: PAGE_SIZE };
  if (category) {
    const { count, results } = await ask(
      api.GET('/categories/{id}/skus/', {
        params: { path: { id: category }, query: { ...paging, ordering } },
      }),
    );
    return { count, skus: results };
  }
  const { count, results } = await ask(
    api.GET('/skus/search/', { params: { query: { ...paging, text } } }),
  );
  return { count, skus: results.map(({ object }) => object) };
}

/** The shelf: categories, search, order, and the products. */
export function ProductsPage({ query }: { readonly query: URLSearchParams }) {
  const t = useTexts();
  const wish = readWish(query);
  const found = useLoad(`products ${JSON.stringify(wish)}`, () => find(wish));
  useTitle(undefined);
  const isStart = wish.category === 0 && wish.text === '' && wish.page === 1;
  return (
    <div class="width">
      {isStart && <Hero />}
      <div class="shelf-bar">
        <Categories chosen={wish.category} />
        <SearchBox text={wish.text} />
      </div>
      <Loaded of={found} waiting={<ShelfBones />}>
        {({ count, skus }) =>
          count === 0 ? (
            <Empty
              icon="search"
              title={t('noProducts')}
              hint={t('noProductsHint')}
              action={{ href: '#/', text: t('showAll') }}
            />
          ) : (
            <>
              <div class="shelf-head">
                <p class="dim" role="status">
                  {t('resultCount', { n: count })}
                </p>
                {wish.category > 0 && <Sorting wish={wish} />}
              </div>
              <ul class="shelf">
                {skus.map((sku) => (
                  <Card key={sku.id} sku={sku} />
                ))}
              </ul>
              <Pager
                page={wish.page}
                last={Math.ceil(count / PAGE_SIZE)}
                href={(page) => `#${addressOf({ ...wish, page })}`}
              />
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function Hero() {
  const t = useTexts();
  return (
    <section class="hero">
      <div>
        <h1>{t('heroTitle')}</h1>
        <p>{t('heroText')}</p>
      </div>
      <ol class="hero-steps">
        <li>{t('heroStep1')}</li>
        <li>{t('heroStep2')}</li>
        <li>{t('heroStep3')}</li>
      </ol>
    </section>
  );
}

/** The categories that have products: those of the third level. */
function Categories({ chosen }: { readonly chosen: number }) {
  const t = useTexts();
  const tree = useLoad('categories', () => ask(api.GET('/categories/')));
  const leaves = (tree.data ?? []).flatMap(({ subs }) => subs.flatMap((second) => second.subs));
  return (
    <nav class="chips" aria-label={t('categories')}>
      {[{ id: 0, name: t('all') }, ...leaves].map(({ id, name }) => (
        <a
          key={id}
          class="chip"
          href={`#${addressOf({ category: id })}`}
          aria-current={id === chosen ? 'true' : undefined}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

function SearchBox({ text }: { readonly text: string }) {
  const t = useTexts();
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  const search = (event: Event) => {
    event.preventDefault();
    go(addressOf({ text: typed.trim() }));
  };
  return (
    <form class="search" role="search" onSubmit={search}>
      <Icon name="search" />
      <input
        type="search"
        aria-label={t('search')}
        placeholder={t('searchHint')}
        maxLength={100}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </form>
  );
}

function Sorting({ wish }: { readonly wish: Wish }) {
  const t = useTexts();
  return (
    <label class="sorting">
      <span class="unseen">{t('sort')}</span>
      <select
        value={wish.ordering}
        onChange={(event) =>
          go(addressOf({ ...wish, page: 1, ordering: event.currentTarget.value as Ordering }))
        }
      >
        {ORDERINGS.map(([name, text]) => (
          <option key={name} value={name}>
            {t(text)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Card({ sku }: { readonly sku: Sku }) {
  const t = useTexts();
  return (
    <li>
      <a class="card" href={`#/products/${sku.id}`}>
        <img src={picture(sku.default_image_url)} alt="" width="400" height="400" loading="lazy" />
        <span class="card-name">{sku.name}</span>
        <span class="card-foot">
          <Price amount={sku.price} />
          {sku.comments > 0 && <span class="dim">{t('commentCount', { n: sku.comments })}</span>}
        </span>
      </a>
    </li>
  );
}

function ShelfBones() {
  return (
    <>
      <div class="shelf-head" />
      <div class="shelf">
        {Array.from({ length: 8 }, (_, place) => (
          <div key={place} class="bone card-bone" />
        ))}
      </div>
    </>
  );
}
