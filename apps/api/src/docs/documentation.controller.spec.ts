import { join } from 'node:path';
import { findPage } from './documentation.controller';

describe('findPage', () => {
  it('says how to build the documentation when it is not built', () => {
    expect(() => findPage('', join(__dirname, 'not-built'))).toThrow('Run "npm run docs"');
  });
});
