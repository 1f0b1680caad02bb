import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { IdPipe } from '../../common/ids.pipe.js';
import { Refuses } from '../../common/refuses.decorator.js';
import { MessageDto } from '../users.dto.js';
import {
  AddressDto,
  AddressFormDto,
  AddressListDto,
  AddressTitleDto,
  CreateAddressDto,
} from './addresses.dto.js';
import { AddressesService } from './addresses.service.js';
import { EchoedFormPipe } from './echoed-form.pipe.js';

const ADDRESS_ID = { name: 'id', type: Number, example: 1 } as const;

/** The caller's delivery addresses. */
@ApiTags('addresses')
@Authenticated()
@Refuses('UNAVAILABLE')
@Controller('addresses')
export class AddressesController {
  constructor(private readonly addresses: AddressesService) {}

  @Get('/')
  @ApiOperation({ summary: 'My addresses, newest change first' })
  @ApiOkResponse({ type: AddressListDto })
  list(@Caller() { id }: Principal): Promise<AddressListDto> {
    return this.addresses.list(id);
  }

  @Post('/')
  @ApiOperation({ summary: 'Add an address (at most 20)' })
  @ApiCreatedResponse({ type: AddressDto })
  @Refuses('VALIDATION_FAILED', 'AREA_INVALID', 'ADDRESS_LIMIT')
  create(@Caller() { id }: Principal, @Body() form: CreateAddressDto): Promise<AddressDto> {
    return this.addresses.create(id, form);
  }

  // The alias keeps the class out of the emitted metadata, so the strict global pipe steps aside.
  @Put(':id/')
  @ApiOperation({ summary: 'Change an address; unknown members of the body are ignored' })
  @ApiParam(ADDRESS_ID)
  @ApiBody({ type: AddressFormDto })
  @ApiOkResponse({ type: AddressDto })
  @Refuses('VALIDATION_FAILED', 'AREA_INVALID', 'NOT_FOUND')
  replace(
    @Caller() { id: userId }: Principal,
    @Param('id', IdPipe) id: number,
    @Body(EchoedFormPipe) form: Readonly<AddressFormDto>,
  ): Promise<AddressDto> {
    return this.addresses.replace(userId, id, form);
  }

  @Delete(':id/')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an address' })
  @ApiParam({ ...ADDRESS_ID, example: 2 })
  @ApiNoContentResponse({ description: 'Gone' })
  @Refuses('NOT_FOUND')
  remove(@Caller() { id: userId }: Principal, @Param('id', IdPipe) id: number): Promise<void> {
    return this.addresses.remove(userId, id);
  }

  @Put(':id/status/')
  @ApiOperation({ summary: 'Make it my default address' })
  @ApiParam(ADDRESS_ID)
  @ApiOkResponse({ type: MessageDto })
  @Refuses('NOT_FOUND')
  async makeDefault(
    @Caller() { id: userId }: Principal,
    @Param('id', IdPipe) id: number,
  ): Promise<MessageDto> {
    await this.addresses.makeDefault(userId, id);
    return { message: 'OK' };
  }

  @Put(':id/title/')
  @ApiOperation({ summary: 'Rename an address' })
  @ApiParam(ADDRESS_ID)
  @ApiOkResponse({ type: AddressTitleDto })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND')
  async rename(
    @Caller() { id: userId }: Principal,
    @Param('id', IdPipe) id: number,
    @Body() { title }: AddressTitleDto,
  ): Promise<AddressTitleDto> {
    await this.addresses.rename(userId, id, title);
    return { title };
  }
}
