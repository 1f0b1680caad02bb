import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';

/** Documents `?page=&page_size=`, which pageRequest() reads. */
export function Paged(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'page',
      required: false,
      schema: { type: 'integer', minimum: 1, default: 1 },
    }),
    ApiQuery({
      name: 'page_size',
      required: false,
      description: 'More than 20 is cut',
      schema: { type: 'integer', minimum: 1, default: 2 },
    }),
  );
}
