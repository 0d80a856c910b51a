import type { Response } from 'express';
import { DocumentationController } from './documentation.controller';

describe('DocumentationController', () => {
  // The sources have no built site beside them.
  it('says how to build the documentation when it is not built', () => {
    expect(() => new DocumentationController().start({} as Response)).toThrow('Run "npm run docs"');
  });
});
