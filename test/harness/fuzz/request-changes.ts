import fc from 'fast-check';
import { operationOf, type Part } from '../contract/contract';
import { pick, queryText, short, type Change, type Template } from './template';
import { badTexts } from './values';

const BROKEN_STEPS = [
  '%',
  '%zz',
  '%c0%af',
  '%ff',
  '%00',
  '1%00',
  '..%2f..%2f1',
  '%u0041',
  '%0d%0aX-Injected:%20yes',
];

/** Changes of one parameter of the path. */
export function pathChanges({ steps, names, query }: Template): fc.Arbitrary<Change>[] {
  return names.flatMap((name, index) => {
    if (name === undefined) return [];
    const texts = [...badTexts(name, {}).map(encodeURIComponent), ...BROKEN_STEPS].filter(
      (text) => text !== '',
    );
    return pick(texts).map((text) => ({
      what: `${name} of the path is ${text}`,
      path: steps.with(index, text).join('/') + queryText(query),
    }));
  });
}

const ODD_QUERIES = [
  '%',
  '%zz=1',
  'a=%ff',
  '&&&',
  '=',
  'a[b]=1',
  '__proto__=1',
  '__proto__[x]=1',
  'constructor=1',
  'x=%00',
];

/** Changes of one parameter of the query. */
export function queryChanges({ operation, steps, query }: Template): fc.Arbitrary<Change>[] {
  const path = steps.join('/');
  const declared = operation.parameters.filter(({ in: place }) => place === 'query');
  const changes = declared.flatMap((parameter) => {
    const name = parameter['name'] as string;
    const others = query.filter(([other]) => other !== name);
    const set = (...values: string[]): string =>
      path + queryText([...others, ...values.map((value): [string, string] => [name, value])]);
    const example = String((parameter['schema'] as Part)['example']);
    const isFilter = operation.operationId === 'listSensors' && name === 'unit';
    const texts = badTexts(name, parameter['schema'] as Part);
    return [
      ...(texts.length > 0
        ? [
            pick(texts).map((text) => ({
              what: `${name} is ${text}`,
              path: set(text),
              isSurelyBad: !isFilter,
            })),
          ]
        : []),
      fc.constant({ what: `${name} comes twice`, path: set(example, example) }),
      ...(parameter['required'] === true ? [fc.constant({ what: `${name} is missing`, path: set() })] : []),
    ];
  });
  const odd = pick(ODD_QUERIES).map((text) => ({
    what: `the query has ${text}`,
    path: `${path}${queryText(query) || '?'}&${text}`,
    isSurelyBad: false,
  }));
  // Mostly what surely is bad. A good request that writes would change something.
  return changes.length === 0 || operation.method !== 'GET' ? changes : [...changes, ...changes, odd];
}

/** Bodies that say to be something else than they are. */
export function contentTypes({ json, form }: Template): fc.Arbitrary<Change> {
  const types = [
    'text/plain',
    'application/xml',
    'application/jsonx',
    'application/json; charset=nonsense',
    'x',
    '/',
  ];
  const change = (what: string, headers: Record<string, string>, body?: Buffer): Change => ({
    what,
    headers,
    isReadable: false,
    ...(body && { body }),
  });
  return fc.oneof(
    pick(types).map((type) => change(`the content type is ${type}`, { 'Content-Type': type })),
    pick(['gzip', 'deflate', 'br', 'nonsense']).map((encoding) =>
      change(`the body says to be ${encoding}`, { 'Content-Encoding': encoding }),
    ),
    fc.constant(change('the form has no boundary', { 'Content-Type': 'multipart/form-data' })),
    fc.constant(
      change('the form has another boundary', { 'Content-Type': 'multipart/form-data; boundary=other' }),
    ),
    fc.constant(
      change(
        'the body is a form of a web page',
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        Buffer.from(new URLSearchParams(json ? texts(json) : texts(Object.fromEntries(form!))).toString()),
      ),
    ),
  );
}

const texts = (fields: object): [string, string][] =>
  Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);

const METHODS = ['PUT', 'POST', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE', 'REPORT'];

/** Methods that the path does not know. */
export function methods({ steps }: Template): fc.Arbitrary<Change> {
  const path = steps.join('/');
  return pick(METHODS.filter((method) => !operationOf(method, path))).map((method) => ({
    what: `the method is ${method}`,
    method,
    isReadable: false,
  }));
}

const UNSIGNED = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${Buffer.from('{"sub":"1"}').toString('base64url')}.`;

const TOKENS = ['', 'x', 'Bearer', 'Basic YTpi', 'null', 'x'.repeat(6000), UNSIGNED, '\u00e9'];

/** Tokens that are none. */
export const senders: fc.Arbitrary<Change> = fc.oneof(
  pick(TOKENS).map((given) => ({
    what: `the token is ${short(given)}`,
    token: () => given,
    isReadable: false,
  })),
  fc.constant({ what: 'the token is longer', token: (good: string) => `${good}x`, isReadable: false }),
  fc.constant({
    what: 'the token is shorter',
    token: (good: string) => good.slice(0, -1),
    isReadable: false,
  }),
);
