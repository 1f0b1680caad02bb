import { DataSource, type EntityManager, In } from 'typeorm';
import { Area } from '../../src/areas/area.entity.js';
import { databaseOptions } from '../../src/database/options.js';
import { initialStatus } from '../../src/orders/order-status.js';
import type { PlaceOrder } from '../../src/orders/placement/place-order.js';
import { Address } from '../../src/users/addresses/address.entity.js';
import { CartLines, OrderEvents, OrderLines, Orders, Skus, tables } from './textbook-entities.js';
import { outcomeOf, type Place, refused, type Terms } from './yardstick.js';

/**
 * The yardstick as tutorials write it, with TypeORM's repositories: a transaction for every order,
 * findOne with a pessimistic lock and save for every line, and save for everything else. It leaves
 * the same rows as the shop.
 */
export async function textbookOrm(terms: Terms): Promise<Place> {
  const dataSource = await new DataSource({
    ...databaseOptions(terms.databaseUrl, terms.poolSize),
    entities: [Address, Area, ...tables],
  }).initialize();
  return (command) =>
    outcomeOf(command, () =>
      dataSource.transaction((manager) => placeOrder(manager, command, terms)),
    );
}

async function placeOrder(
  manager: EntityManager,
  { orderId: id, userId, addressId, payMethod }: PlaceOrder,
  { freightFen, expiresMs }: Terms,
): Promise<void> {
  const address = await addressOf(manager, addressId, userId);
  const cart = await manager.find(CartLines, {
    where: { userId, selected: true },
    order: { skuId: 'ASC' },
  });
  const lines = await takeStock(manager, cart);
  const now = new Date();
  const status = initialStatus(payMethod);
  await manager.save(Orders, {
    id,
    userId,
    status,
    payMethod,
    totalCount: lines.reduce((sum, line) => sum + line.count, 0),
    totalFen: lines.reduce((sum, line) => sum + line.count * line.priceFen, freightFen),
    freightFen,
    ...address,
    createdAt: now,
    expiresAt: new Date(now.getTime() + expiresMs),
  });
  await manager.save(
    OrderLines,
    lines.map((line) => ({ orderId: id, ...line })),
  );
  await manager.save(OrderEvents, {
    orderId: id,
    type: 'placed',
    toStatus: status,
    actor: 'buyer',
    createdAt: now,
  });
  await manager.remove(CartLines, cart);
}

async function addressOf(manager: EntityManager, id: number, userId: number) {
  const address = await manager.findOneBy(Address, { id, userId });
  if (!address) {
    throw refused('ADDRESS_NOT_FOUND');
  }
  const { provinceId, cityId, districtId, receiver, place, mobile, tel } = address;
  const areas = await manager.findBy(Area, { id: In([provinceId, cityId, districtId]) });
  const nameOf = (areaId: number) => areas.find((area) => area.id === areaId)?.name ?? '';
  return {
    addressId: id,
    receiver,
    province: nameOf(provinceId),
    city: nameOf(cityId),
    district: nameOf(districtId),
    place,
    mobile,
    tel,
  };
}

async function takeStock(
  manager: EntityManager,
  cart: readonly { readonly skuId: number; readonly count: number }[],
) {
  if (cart.length === 0) {
    throw refused('CART_EMPTY');
  }
  const lines = [];
  for (const { skuId, count } of cart) {
    const sku = await manager.findOne(Skus, {
      where: { id: skuId, launched: true },
      lock: { mode: 'pessimistic_write' },
    });
    if (!sku || sku.stock < count) {
      throw refused('STOCK_INSUFFICIENT');
    }
    sku.stock -= count;
    sku.sales += count;
    await manager.save(Skus, sku);
    lines.push({ skuId, name: sku.name, image: sku.image, count, priceFen: sku.priceFen });
  }
  return lines;
}
