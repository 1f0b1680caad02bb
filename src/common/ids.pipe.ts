import { Injectable, type PipeTransform } from '@nestjs/common';
import { ShopError } from './errors.js';

/** The largest row id: the ids of the tables are INT UNSIGNED. */
export const ROW_ID_MAX = 4_294_967_295;

/** A row id in a path. Anything that cannot be one is simply not found. */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const id = /^[1-9]\d{0,9}$/.test(value) ? Number(value) : 0;
    if (id < 1 || id > ROW_ID_MAX) {
      throw new ShopError('NOT_FOUND');
    }
    return id;
  }
}

/** An order id in a path: a string of digits, since it is larger than 2^53. */
@Injectable()
export class OrderIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!/^[1-9]\d{0,18}$/.test(value)) {
      throw new ShopError('NOT_FOUND');
    }
    return value;
  }
}
