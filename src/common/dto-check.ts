import { TransformationType } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

type Dto = Record<string, unknown>;
type DtoClass = new () => object;
type Metadata = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/** Answers the finished DTO, or undefined when class-validator has to say what is wrong. */
export type DtoCheck = (plain: Readonly<Dto>) => object | undefined;

interface Field {
  readonly name: string;
  readonly transforms: readonly ((value: unknown, plain: Readonly<Dto>) => unknown)[];
  /** Where one says no, the rules are not asked: `@IsOptional`, `@ValidateIf`. */
  readonly conditions: readonly ((dto: Dto, value: unknown) => boolean)[];
  readonly rules: readonly ((dto: Dto, value: unknown) => boolean)[];
}

/**
 * Reads the decorators of a DTO once and makes a function of them that runs the same transforms and
 * the same rules of class-validator, without looking them up again for every request. Undefined for
 * a DTO with anything beyond them (nested objects, groups, rules for each element): that one is left
 * to the libraries. Whatever this refuses is judged by class-validator again, which finds the words.
 */
export function compileDtoCheck(dto: DtoClass): DtoCheck | undefined {
  const byName = new Map<string, Metadata[]>();
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  if (
    metadata.length === 0 ||
    metadata.some((one) => !isPlain(one)) ||
    isTransformedOtherwise(dto)
  ) {
    return undefined;
  }
  for (const one of metadata) {
    byName.set(one.propertyName, [...(byName.get(one.propertyName) ?? []), one]);
  }
  const fields = new Map(
    [...byName].map(([name, rules]) => [name, compileField(dto, name, rules)]),
  );
  const ordered = [...fields.values()];
  return (plain) => {
    const made = filled(plain, new dto() as Dto, fields);
    return made && ordered.every((field) => accepts(field, made)) ? made : undefined;
  };
}

function filled(
  plain: Readonly<Dto>,
  dto: Dto,
  fields: ReadonlyMap<string, Field>,
): Dto | undefined {
  for (const name of Object.keys(plain)) {
    const field = fields.get(name);
    if (!field) {
      return undefined;
    }
    let value = plain[name];
    for (const transform of field.transforms) {
      value = transform(value, plain);
    }
    if (isObject(value)) {
      return undefined;
    }
    dto[name] = value;
  }
  return dto;
}

function accepts({ name, conditions, rules }: Field, dto: Dto): boolean {
  const value = dto[name];
  return !conditions.every((holds) => holds(dto, value)) || rules.every((rule) => rule(dto, value));
}

/** Objects are copied by class-transformer in a way of its own. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function compileField(dto: DtoClass, name: string, metadata: readonly Metadata[]): Field {
  return {
    name,
    transforms: transformsOf(dto, name).map(
      ({ transformFn }) =>
        (value, obj) =>
          transformFn({
            value,
            key: name,
            obj,
            type: TransformationType.PLAIN_TO_CLASS,
            options: {},
          }),
    ),
    conditions: metadata
      .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
      .map(({ constraints }) => constraints[0] as Field['conditions'][number]),
    rules: metadata
      .filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION)
      .flatMap((rule) => rulesOf(rule, name)),
  };
}

function rulesOf({ constraintCls, constraints }: Metadata, property: string): Field['rules'] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(
      ({ instance }) =>
        (object, value) =>
          instance.validate(value, {
            constraints,
            object,
            property,
            targetName: object.constructor.name,
            value,
          }) === true,
    );
}

function isPlain({ type, each, groups, always }: Partial<Metadata>): boolean {
  const known =
    type === ValidationTypes.CUSTOM_VALIDATION ||
    type === ValidationTypes.CONDITIONAL_VALIDATION ||
    type === ValidationTypes.WHITELIST;
  return known && !each && !always && (groups ?? []).length === 0;
}

function transformsOf(dto: DtoClass, name: string) {
  return defaultMetadataStorage.findTransformMetadatas(
    dto,
    name,
    TransformationType.PLAIN_TO_CLASS,
  );
}

/** `@Type`, `@Expose`, `@Exclude` and conditional transforms are not followed here. */
function isTransformedOtherwise(dto: DtoClass): boolean {
  const named = getMetadataStorage()
    .getTargetValidationMetadatas(dto, '', false, false)
    .map(({ propertyName }) => propertyName);
  return (
    defaultMetadataStorage.getStrategy(dto) !== 'none' ||
    defaultMetadataStorage.getExposedMetadatas(dto).length > 0 ||
    defaultMetadataStorage.getExcludedMetadatas(dto).length > 0 ||
    named.some(
      (name) =>
        defaultMetadataStorage.findTypeMetadata(dto, name) !== undefined ||
        transformsOf(dto, name).some(({ options }) => Object.keys(options ?? {}).length > 0),
    )
  );
}
