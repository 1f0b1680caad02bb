import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { type ValidationError, type ValidatorOptions, validateSync } from 'class-validator';
import { compileDtoCheck, type DtoCheck } from './dto-check.js';
import { type FieldError, ShopError } from './errors.js';
import { bilingual, isBilingual } from './language.js';

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  stopAtFirstError: true,
  forbidUnknownValues: false,
  validationError: { target: false, value: false },
};

/** In Chinese what class-validator says in English only, by its name of the rule. */
const ZH: Readonly<Record<string, string>> = {
  whitelistValidation: '不支持该字段',
  isString: '须为字符串',
  isArray: '须为数组',
  isObject: '须为对象',
  nestedValidation: '须为对象',
  arrayMaxSize: '条目过多',
};

const PLAIN: ReadonlySet<unknown> = new Set([String, Number, Boolean, Array, Object, undefined]);

/**
 * The pipe of every route: unknown members are refused (no mass assignment), nothing is converted
 * unless the DTO says so, and all wrong fields are answered together. Single parameters stay the
 * text they are; Nest's own pipe would make a number of `:id`, so that `/skus/3.0/` were SKU 3. It
 * also checks synchronously, since no rule here waits for anything.
 */
@Injectable()
export class DtoPipe implements PipeTransform {
  private readonly checks = new Map<unknown, DtoCheck | undefined>();

  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (type === 'custom' || PLAIN.has(metatype)) {
      return value;
    }
    const plain = value ?? {};
    if (typeof plain !== 'object' || Array.isArray(plain)) {
      throw new ShopError('BAD_REQUEST');
    }
    const dtoClass = metatype as ClassConstructor<object>;
    return this.checkOf(dtoClass)?.(plain as Record<string, unknown>) ?? judged(dtoClass, plain);
  }

  private checkOf(dto: ClassConstructor<object>): DtoCheck | undefined {
    if (!this.checks.has(dto)) {
      this.checks.set(dto, compileDtoCheck(dto));
    }
    return this.checks.get(dto);
  }
}

/** The DTO by class-transformer and class-validator. Throws VALIDATION_FAILED with what is wrong. */
export function judged(dtoClass: ClassConstructor<object>, plain: object): object {
  const dto: object = plainToInstance(dtoClass, plain);
  const errors = validateSync(dto, OPTIONS);
  if (errors.length > 0) {
    throw new ShopError('VALIDATION_FAILED', { fields: flatten(errors) });
  }
  return dto;
}

function flatten(errors: readonly ValidationError[], prefix = ''): FieldError[] {
  return errors.flatMap((error) => {
    const field = `${prefix}${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, said]) => ({
      field,
      message: isBilingual(said) ? said : bilingual(ZH[rule] ?? '格式有误', said),
    }));
    return [...own, ...flatten(error.children ?? [], `${field}.`)];
  });
}
