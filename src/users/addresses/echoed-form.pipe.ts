import { Injectable, type PipeTransform } from '@nestjs/common';
import { DtoPipe } from '../../common/validation.pipe.js';
import { AddressFormDto } from './addresses.dto.js';

const MEMBERS: ReadonlySet<string> = new Set<keyof AddressFormDto>([
  'title',
  'receiver',
  'province_id',
  'city_id',
  'district_id',
  'place',
  'mobile',
  'tel',
  'email',
]);

/**
 * Reads the form of an address out of a body that may hold more. The original page sends the
 * address back as it got it, with its id and area names; everything unknown is dropped here.
 */
@Injectable()
export class EchoedFormPipe implements PipeTransform<unknown, AddressFormDto> {
  private readonly strict = new DtoPipe();

  transform(body: unknown): AddressFormDto {
    const known =
      typeof body === 'object' && body !== null && !Array.isArray(body)
        ? Object.fromEntries(Object.entries(body).filter(([name]) => MEMBERS.has(name)))
        : body;
    return this.strict.transform(known, {
      type: 'body',
      metatype: AddressFormDto,
    }) as AddressFormDto;
  }
}
