import { useState } from 'preact/hooks';
import { api, ask, picture, Refusal } from '../api/client';
import type { components } from '../api/schema';
import { refreshCartCount } from '../state/cart-count';
import { useTexts } from '../state/language';
import { say } from '../state/toast';
import { useLoad } from '../state/use-load';
import { Icon } from '../ui/icons';
import { useTitle } from '../ui/page-title';
import { Price } from '../ui/price';
import { Bones, Loaded, Notice } from '../ui/states';
import { Stepper } from '../ui/stepper';

type SkuDetail = components['schemas']['SkuDetailDto'];

/** As many of one product as an order may have. */
const COUNT_MAX = 999;

/** One product: picture, price, stock, how many, and what buyers say. */
export function ProductPage({ id }: { readonly id: number }) {
  const t = useTexts();
  const path = { path: { id } };
  const sku = useLoad(`sku ${id}`, () => ask(api.GET('/skus/{id}/', { params: path })));
  useTitle(sku.data?.name ?? t('products'));
  return (
    <div class="width">
      <Loaded of={sku} waiting={<ProductBones />}>
        {(data) => (
          <>
            <nav class="crumbs">
              <a href="#/">{t('products')}</a>
              <Icon name="next" />
              <a href={`#/?category=${data.category.id}`}>{data.category.name}</a>
            </nav>
            <article class="product">
              <div class="product-picture">
                <img src={picture(data.default_image_url)} alt="" width="600" height="600" />
              </div>
              <div class="product-side">
                <p class="dim">{data.spu.name}</p>
                <h1>{data.name}</h1>
                <p class="caption">{data.caption}</p>
                <Price amount={data.price} big />
                <Buying key={data.id} sku={data} onChange={sku.reload} />
                <Promises />
              </div>
            </article>
            <Comments id={id} />
          </>
        )}
      </Loaded>
    </div>
  );
}

/** How many, and the way into the cart. */
function Buying(props: { readonly sku: SkuDetail; readonly onChange: () => Promise<void> }) {
  const { sku } = props;
  const t = useTexts();
  const [count, setCount] = useState(1);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const soldOut = sku.stock === 0;

  const add = async () => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await ask(api.POST('/cart/', { body: { sku_id: sku.id, count } }));
      await refreshCartCount();
      say({ text: t('added'), tone: 'good', link: { href: '#/cart', text: t('toCart') } });
    } catch (error) {
      setRefusal(Refusal.from(error));
      await props.onChange();
    }
    setBusy(false);
  };

  return (
    <div class="buying">
      <p class={soldOut ? 'stock out' : 'stock'}>
        {soldOut ? t('soldOut') : t('inStock', { n: sku.stock })}
      </p>
      <div class="buying-row">
        <Stepper
          count={count}
          max={Math.min(COUNT_MAX, Math.max(1, sku.stock))}
          label={t('quantity')}
          onCount={setCount}
        />
        <button
          type="button"
          class="button wide"
          disabled={busy || soldOut}
          onClick={() => void add()}
        >
          <Icon name="cart" />
          {busy ? t('adding') : t('addToCart')}
        </button>
      </div>
      {refusal && <Notice of={refusal} />}
    </div>
  );
}

function Promises() {
  const t = useTexts();
  return (
    <ul class="promises">
      <li>
        <Icon name="shield" />
        {t('promisePay')}
      </li>
      <li>
        <Icon name="box" />
        {t('promiseStock')}
      </li>
      <li>
        <Icon name="refund" />
        {t('promiseRefund')}
      </li>
    </ul>
  );
}

function Comments({ id }: { readonly id: number }) {
  const t = useTexts();
  const comments = useLoad(`comments ${id}`, () =>
    ask(api.GET('/skus/{id}/comments/', { params: { path: { id } } })),
  );
  return (
    <section class="panel">
      <h2>{t('comments')}</h2>
      <Loaded of={comments} waiting={<Bones count={2} height={56} />}>
        {(list) =>
          list.length === 0 ? (
            <p class="dim">{t('noComments')}</p>
          ) : (
            <ul class="comments">
              {list.map(({ username, comment, score }, place) => (
                <li key={place}>
                  <p class="comment-head">
                    <strong>{username}</strong>
                    <span class="stars" role="img" aria-label={t('score', { n: score })}>
                      {'★'.repeat(score)}
                      <span>{'★'.repeat(5 - score)}</span>
                    </span>
                  </p>
                  <p>{comment}</p>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function ProductBones() {
  return (
    <div class="product">
      <div class="bone product-picture" />
      <Bones count={4} height={48} />
    </div>
  );
}
