import type { Request } from 'express';
import { DomainError } from '#lib/errors';
import { rejected, unprocessable } from '../../http/errors/api-error';
import { formProblems } from './form-problems';

const request = { method: 'POST', is: () => false } as unknown as Request;

describe('formProblems', () => {
  it('puts reasons to the fields of the form, and the others above it', () => {
    const error = unprocessable('json', {
      start: ['Not a datetime.'],
      'soc-targets.0.value': ['Not a quantity.'],
      'site-power-capacity': ['Must be positive.'],
    });
    expect(formProblems(error, request, ['start', 'target'], { 'soc-targets': 'target' })).toEqual({
      status: 422,
      headers: {},
      reasons: { start: 'Not a datetime.', target: 'Not a quantity.' },
      problem: 'site-power-capacity: Must be positive.',
    });
  });

  it('puts reasons about a part of a field to the field', () => {
    const error = unprocessable('json', { 'sensors_to_show.0': ['No such sensor.'] });
    expect(formProblems(error, request, ['sensors_to_show']).reasons).toEqual({
      sensors_to_show: 'No such sensor.',
    });
  });

  it('shows sentences above the form, also those of domain errors', () => {
    const { status, problem } = formProblems(rejected(403, 'INVALID_SENDER', 'You may not.'), request, []);
    expect([status, problem]).toEqual([403, 'You may not.']);
    const taken = new DomainError('ASSET_EXISTS', 'The name is taken.', 'name');
    expect(formProblems(taken, request, ['name']).reasons).toEqual({ name: 'The name is taken.' });
  });

  it('throws errors that are not about the form', () => {
    const error = new Error('unexpected');
    expect(() => formProblems(error, request, [])).toThrow(error);
  });
});
