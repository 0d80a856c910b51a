import { isLoopback, publicUrl } from './public-url';

describe('publicUrl', () => {
  it.each([
    ['the configured URL', 'https://energy.example', '127.0.0.1', 'https://energy.example'],
    ['localhost for a server of this machine only', undefined, '127.0.0.1', 'http://localhost:5000'],
    ['localhost for a server of all networks', undefined, '0.0.0.0', 'http://localhost:5000'],
    ['the address of the one network', undefined, '192.168.1.7', 'http://192.168.1.7:5000'],
    ['an IPv6 address in brackets', undefined, 'fd00::7', 'http://[fd00::7]:5000'],
  ])('is %s', (_name, address, host, url) => {
    expect(publicUrl({ address, host, port: 5000 })).toBe(url);
  });
});

describe('isLoopback', () => {
  it('tells addresses of this machine from those of networks', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '192.168.1.7', '1.127.0.1', 'energy.example'].some(isLoopback)).toBe(false);
  });
});
