import type { Design } from './pictures/picture.js';

/** A SKU of the demo catalogue. The original pages hard-code these ids, names and prices. */
interface DemoSku {
  readonly id: number;
  readonly spuId: number;
  readonly name: string;
  readonly priceFen: number;
  readonly design: Design;
}

type Finish = Design['finish'];

const laptop = (id: number, colour: string, finish: Finish, priceFen: number): DemoSku => ({
  id,
  spuId: 1,
  name: `Apple MacBook Pro 13.3英寸笔记本 ${colour}`,
  priceFen,
  design: { shape: 'laptop', finish },
});

const iphone = (id: number, kind: string, finish: Finish, priceFen: number): DemoSku => ({
  id,
  spuId: 2,
  name: `Apple iPhone 8 Plus (A1864) ${kind} 移动联通电信4G手机`,
  priceFen,
  design: { shape: 'homeButtonPhone', finish },
});

const huawei = (id: number, kind: string, finish: Finish, priceFen: number): DemoSku => ({
  id,
  spuId: 3,
  name: `华为 HUAWEI P10 Plus ${kind} 移动联通电信4G手机 双卡双待`,
  priceFen,
  design: { shape: 'cameraBandPhone', finish },
});

export const DEMO_SKUS: readonly DemoSku[] = [
  laptop(1, '银色', 'silver', 1_138_800),
  laptop(2, '深灰色', 'spaceGrey', 1_139_800),
  iphone(3, '64GB 金色', 'gold', 649_900),
  iphone(4, '256GB 金色', 'gold', 798_800),
  iphone(5, '64GB 深空灰色', 'spaceGrey', 668_800),
  iphone(6, '256GB 深空灰色', 'spaceGrey', 798_800),
  iphone(7, '64GB 银色', 'silver', 668_800),
  iphone(8, '256GB 银色', 'silver', 798_800),
  huawei(9, '6GB+64GB 钻雕金', 'dazzlingGold', 338_800),
  huawei(10, '6GB+128GB 钻雕金', 'dazzlingGold', 378_800),
  huawei(11, '6GB+128GB 钻雕蓝', 'dazzlingBlue', 378_800),
  huawei(12, '6GB+64GB 钻雕蓝', 'dazzlingBlue', 338_800),
  huawei(13, '6GB+64GB 玫瑰金', 'roseGold', 338_800),
  huawei(14, '6GB+128GB 玫瑰金', 'roseGold', 378_800),
  huawei(15, '6GB+64GB 曜石黑', 'black', 338_800),
  huawei(16, '6GB+128GB 曜石黑', 'black', 378_800),
];
