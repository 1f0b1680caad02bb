/**
 * The compiled check of a DTO is class-validator, only faster: for every body DTO of the shop and
 * any input, it either answers what the libraries answer, or leaves the judgement to them.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage, IsInt, IsOptional, Max, ValidateNested } from 'class-validator';
import fc from '../kit/fast-check.js';
import { describe, expect, it } from 'vitest';
import { compileDtoCheck } from '../../src/common/dto-check.js';
import { judged } from '../../src/common/validation.pipe.js';
import { CreateOrderDto } from '../../src/orders/orders.dto.js';

type DtoClass = ClassConstructor<object> & (new () => object);

const SRC = path.resolve(import.meta.dirname, '../../src');

/** Every class in a *.dto.ts file that has rules. */
async function bodyDtos(): Promise<DtoClass[]> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.dto.ts'),
  );
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(path.join(SRC, file)).href) as Promise<object>),
  );
  return modules
    .flatMap((one) => Object.values(one) as unknown[])
    .filter((one): one is DtoClass => typeof one === 'function')
    .filter((one) => rulesOf(one).length > 0);
}

function rulesOf(dto: DtoClass) {
  return getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
}

/** What bodies are made of: values near the rules, and whatever JSON can hold. */
const values = fc.oneof(
  fc.constantFrom<unknown>(1, 2, 0, -1, 1.5, '1', '2', '', ' ', 'true', true, false, null, [5], {}),
  fc.constantFrom('13800138000', 'demo_buyer', 'a@b.cn', '6509.00', '6509.001', '1e3', '0x10'),
  fc.integer(),
  fc.string(),
  fc.jsonValue(),
);

const seen = (judge: () => unknown) => {
  try {
    return { made: judge() };
  } catch (error) {
    return { refused: (error as Error).message };
  }
};

describe('the compiled check of a DTO', async () => {
  const dtos = await bodyDtos();

  it('exists for the order, whose route is the busiest', () => {
    expect(compileDtoCheck(CreateOrderDto)).toBeDefined();
    expect(dtos.length).toBeGreaterThan(5);
  });

  it.each(dtos.map((dto) => [dto.name, dto] as const))(
    '%s: accepts nothing the libraries refuse, and makes the same of it',
    (_, dto) => {
      const check = compileDtoCheck(dto);
      if (!check) {
        return;
      }
      const names = [...new Set(rulesOf(dto).map(({ propertyName }) => propertyName))];
      const bodies = fc.oneof(
        fc.record(Object.fromEntries(names.map((name) => [name, values])), { requiredKeys: [] }),
        fc.dictionary(fc.constantFrom(...names, 'other', '__proto__', 'constructor'), values),
      );
      fc.assert(
        fc.property(bodies, (body) => {
          const fast = check(body);
          if (fast) {
            expect(seen(() => judged(dto, body))).toEqual({ made: fast });
            expect(fast).toBeInstanceOf(dto);
          }
        }),
        { numRuns: 400 },
      );
    },
  );

  it('accepts what is right by itself, so that the libraries are not asked', () => {
    const check = compileDtoCheck(CreateOrderDto);
    expect(check?.({ address: 1, pay_method: '2' })).toMatchObject({ address: 1, pay_method: 2 });
    expect(check?.({ address: 1, pay_method: '3' })).toBeUndefined();
    expect(check?.({ address: 1, pay_method: 2, status: 2 })).toBeUndefined();
  });

  it('leaves a DTO with nested or grouped rules to the libraries', () => {
    class Nested {
      @ValidateNested()
      inner: object;
    }
    class Grouped {
      @IsOptional()
      @IsInt()
      @Max(3, { groups: ['some'] })
      n?: number;
    }
    expect(compileDtoCheck(Nested)).toBeUndefined();
    expect(compileDtoCheck(Grouped)).toBeUndefined();
  });
});
