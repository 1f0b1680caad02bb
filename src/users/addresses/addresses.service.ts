import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, type EntityManager, type FindOptionsWhere, IsNull, Repository } from 'typeorm';
import type { AreaIndex } from '../../areas/area-index.js';
import { AreasService } from '../../areas/areas.service.js';
import { ShopError } from '../../common/errors.js';
import { inTransaction } from '../../database/transaction.js';
import { User } from '../user.entity.js';
import { lockUser } from '../users.locks.js';
import { Address } from './address.entity.js';
import type { AddressDto, AddressFormDto, AddressListDto } from './addresses.dto.js';

const LIMIT = 20;
const NOW = (): string => 'UTC_TIMESTAMP(3)';

/** A buyer's delivery addresses. Another buyer's address is simply not found. */
@Injectable()
export class AddressesService {
  constructor(
    private readonly dataSource: DataSource,
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(Address) private readonly addresses: Repository<Address>,
    private readonly areas: AreasService,
  ) {}

  async list(userId: number): Promise<AddressListDto> {
    const user = await this.users.findOneBy({ id: userId });
    const rows = await this.addresses.find({
      where: living(userId),
      order: { updatedAt: 'DESC', id: 'DESC' },
    });
    const areas = await this.areas.index();
    return {
      user_id: userId,
      default_address_id: user?.defaultAddressId ?? null,
      limit: LIMIT,
      addresses: rows.map((row) => toDto(row, areas)),
    };
  }

  /** Throws AREA_INVALID and, when the buyer has 20 already, ADDRESS_LIMIT. */
  async create(userId: number, form: AddressFormDto): Promise<AddressDto> {
    const areas = await this.areasFor(form);
    const row = await inTransaction(this.dataSource, async (tx) => {
      await lockUser(tx, userId);
      if ((await tx.manager.countBy(Address, living(userId))) >= LIMIT) {
        throw new ShopError('ADDRESS_LIMIT');
      }
      const { identifiers } = await tx.manager.insert(Address, {
        ...columnsOf(form),
        title: form.title ?? form.receiver,
        userId,
        updatedAt: NOW,
      });
      return found(tx.manager, userId, identifiers[0]?.['id'] as number);
    });
    return toDto(row, areas);
  }

  /** Replaces everything but a title that is not given. Throws NOT_FOUND and AREA_INVALID. */
  async replace(userId: number, id: number, form: AddressFormDto): Promise<AddressDto> {
    const areas = await this.areasFor(form);
    const row = await inTransaction(this.dataSource, async (tx) => {
      const title = form.title === undefined || form.title === null ? {} : { title: form.title };
      await tx.manager.update(Address, living(userId, id), {
        ...columnsOf(form),
        ...title,
        updatedAt: NOW,
      });
      return found(tx.manager, userId, id);
    });
    return toDto(row, areas);
  }

  /** Throws NOT_FOUND. */
  async rename(userId: number, id: number, title: string): Promise<void> {
    await inTransaction(this.dataSource, async (tx) => {
      await tx.manager.update(Address, living(userId, id), { title, updatedAt: NOW });
      await found(tx.manager, userId, id);
    });
  }

  /** Throws NOT_FOUND. */
  async makeDefault(userId: number, id: number): Promise<void> {
    await inTransaction(this.dataSource, async (tx) => {
      await lockUser(tx, userId);
      await found(tx.manager, userId, id);
      await tx.manager.update(User, { id: userId }, { defaultAddressId: id });
    });
  }

  /** A deleted default is no default any more. Throws NOT_FOUND. */
  async remove(userId: number, id: number): Promise<void> {
    await inTransaction(this.dataSource, async (tx) => {
      await lockUser(tx, userId);
      await found(tx.manager, userId, id);
      await tx.manager.update(Address, living(userId, id), { deletedAt: NOW });
      await tx.manager.update(
        User,
        { id: userId, defaultAddressId: id },
        { defaultAddressId: null },
      );
    });
  }

  /** All areas, after a check that the three of the form lie in each other. */
  private async areasFor(form: AddressFormDto): Promise<AreaIndex> {
    const areas = await this.areas.index();
    if (!areas.fits(form.province_id, form.city_id, form.district_id)) {
      throw new ShopError('AREA_INVALID');
    }
    return areas;
  }
}

/** The buyer's addresses that are not deleted: all of them, or the one with this id. */
function living(userId: number, id?: number): FindOptionsWhere<Address> {
  return { userId, deletedAt: IsNull(), ...(id === undefined ? {} : { id }) };
}

async function found(manager: EntityManager, userId: number, id: number): Promise<Address> {
  const row = await manager.findOneBy(Address, living(userId, id));
  if (!row) {
    throw new ShopError('NOT_FOUND');
  }
  return row;
}

function columnsOf(form: AddressFormDto): Partial<Address> {
  return {
    receiver: form.receiver,
    provinceId: form.province_id,
    cityId: form.city_id,
    districtId: form.district_id,
    place: form.place,
    mobile: form.mobile,
    tel: form.tel ?? '',
    email: form.email ?? '',
  };
}

function toDto(row: Address, areas: AreaIndex): AddressDto {
  const nameOf = (id: number): string => areas.find(id)?.name ?? '';
  return {
    id: row.id,
    title: row.title,
    receiver: row.receiver,
    province: nameOf(row.provinceId),
    city: nameOf(row.cityId),
    district: nameOf(row.districtId),
    province_id: row.provinceId,
    city_id: row.cityId,
    district_id: row.districtId,
    place: row.place,
    mobile: row.mobile,
    tel: row.tel,
    email: row.email,
  };
}
