/** Types of the values of fields. `datetime` needs a time zone; `duration` is an ISO 8601 duration. */
export type FieldType =
  | 'text'
  | 'number'
  | 'integer'
  | 'id'
  | 'flag'
  | 'datetime'
  | 'date'
  | 'duration'
  | 'timezone'
  | 'choice'
  | 'json'
  | 'own';

/** What all kinds of fields have. */
export interface FieldOptions<T> {
  /** What the value means, for help and for the documentation of the API. */
  description?: string;
  required?: boolean;
  /** The value if none is given. */
  default?: T;
}

/**
 * A value that a command, a route or its body takes: an option `--name`, a parameter of the query or a field of a JSON body. The
 * server checks it before the handler runs.
 */
export interface Field<T = unknown, Given extends boolean = boolean> {
  readonly type: FieldType;
  readonly description: string;
  readonly required: boolean;
  readonly default?: T;
  /** Whether the handler always gets a value. */
  readonly isGiven: Given;
  /** Of fields of type `choice`. */
  readonly choices?: readonly string[];
  /** Of fields of type `own`: reads the text; the message of what it throws is shown to the user. */
  readonly parse?: (text: string) => T;
}

export type Fields = Readonly<Record<string, Field>>;

/** The values of fields, by the name of the field. */
export type ValuesOf<F extends Fields> = {
  [Name in keyof F]: F[Name] extends Field<infer T, infer Given>
    ? Given extends true
      ? T
      : T | undefined
    : never;
};

type IsGiven<O> = O extends { required: true } | { default: unknown } ? true : false;

/** A function that makes fields of one type. */
export type MakeField<T> = <O extends FieldOptions<T> = object>(options?: O) => Field<T, IsGiven<O>>;

/** Makes fields. */
export interface FieldMakers {
  text: MakeField<string>;
  number: MakeField<number>;
  integer: MakeField<number>;
  /** A positive whole number. */
  id: MakeField<number>;
  /** True or false. On the command line, an option without a value. */
  flag: MakeField<boolean>;
  /** A point in time with time zone, such as `2026-03-04T12:00+01:00`. */
  datetime: MakeField<Date>;
  /** A day, such as `2026-03-04`. */
  date: MakeField<string>;
  /** An ISO 8601 duration such as `PT15M`, in milliseconds. Months and years are not accepted. */
  duration: MakeField<number>;
  /** A name such as `Europe/Amsterdam`. */
  timezone: MakeField<string>;
  /** JSON on the command line and in a query; any value in a JSON body. */
  json: MakeField<unknown>;
  /** One of some texts. */
  choice: <const C extends readonly string[], O extends FieldOptions<C[number]> = object>(
    choices: C,
    options?: O,
  ) => Field<C[number], IsGiven<O>>;
  /** A text that a function of the plugin reads. */
  own: <T, O extends FieldOptions<T> = object>(
    parse: (text: string) => T,
    options?: O,
  ) => Field<T, IsGiven<O>>;
}

function make<T>(
  type: FieldType,
  options: FieldOptions<T> = {},
  rest: Partial<Field<T>> = {},
): Field<T, never> {
  const { description = '', required = false } = options;
  const field: Field<T> = {
    type,
    description,
    required,
    isGiven: required || options.default !== undefined,
    ...(options.default === undefined ? {} : { default: options.default }),
    ...rest,
  };
  return field as Field<T, never>;
}

const maker =
  <T>(type: FieldType): MakeField<T> =>
  (options) =>
    make(type, options);

export const field: FieldMakers = {
  text: maker('text'),
  number: maker('number'),
  integer: maker('integer'),
  id: maker('id'),
  flag: maker('flag'),
  datetime: maker('datetime'),
  date: maker('date'),
  duration: maker('duration'),
  timezone: maker('timezone'),
  json: maker('json'),
  choice: (choices, options) => make('choice', options, { choices }),
  own: (parse, options) => make('own', options, { parse }),
};
