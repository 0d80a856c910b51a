import { localPath } from './local-path';

describe('localPath', () => {
  it.each(['/docs', '/docs?a=b#c', '/api/v3_0/assets?next=//other'])('keeps %s', (path) => {
    expect(localPath(path)).toBe(path);
  });

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/docs\r\nSet-Cookie: a=b',
    'https://evil.example',
    'javascript:alert(1)',
    'docs',
    '',
    undefined,
    ['/docs'],
  ])('returns the start page for %j', (next) => {
    expect(localPath(next)).toBe('/');
  });
});
