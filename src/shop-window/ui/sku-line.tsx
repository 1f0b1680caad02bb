import type { ComponentChildren } from 'preact';
import { picture } from '../api/client';
import { Price } from './price';

/** A product in an order or at the checkout: picture, name, price, how many. */
export function SkuLine(props: {
  readonly id: number;
  readonly name: string;
  readonly image: string;
  readonly price: string;
  readonly count: number;
  readonly children?: ComponentChildren;
}) {
  return (
    <li class="sku-line">
      <img src={picture(props.image)} alt="" width="72" height="72" loading="lazy" />
      <a class="sku-name" href={`#/products/${props.id}`}>
        {props.name}
      </a>
      <span class="sku-figures">
        <Price amount={props.price} />
        <span class="dim">× {props.count}</span>
      </span>
      {props.children}
    </li>
  );
}
