import { ApiProperty } from '@nestjs/swagger';

export class AreaDto {
  /** Six-digit code of GB/T 2260. */
  @ApiProperty({ example: 110000 })
  id: number;
  @ApiProperty({ example: '北京市' })
  name: string;
}

class SubAreaDto {
  @ApiProperty({ example: 110100 })
  id: number;
  @ApiProperty({ example: '北京市' })
  name: string;
}

/** An area and what lies directly inside it: cities of a province, districts of a city. */
export class AreaWithSubsDto extends AreaDto {
  @ApiProperty({ type: [SubAreaDto] })
  subs: SubAreaDto[];
}
