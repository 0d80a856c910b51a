import { Field, ListField } from '../../http/schema/field';
import { choice, instant, integer, list, nullable, number, schemaOnly, text } from '../../http/schema/kinds';

/** The period of an energy balance. */
export class EnergyBalanceQuery {
  @Field(instant())
  start!: string;

  @Field(instant())
  end!: string;
}

/** A part of a site. */
export class BalancePart {
  @Field(integer())
  sensor!: number;

  @Field(text())
  name!: string;

  @Field(choice('production', 'storage', 'flexible', 'load'))
  kind!: string;
}

const powers = list(nullable(number()));

/** The flows of a site in each step. */
export class EnergyFlows {
  @Field(powers)
  import!: (number | null)[];

  @Field(powers)
  export!: (number | null)[];

  @Field(powers)
  production!: (number | null)[];

  @Field(powers)
  charge!: (number | null)[];

  @Field(powers)
  discharge!: (number | null)[];

  @Field(powers)
  flexible!: (number | null)[];

  @Field(powers)
  inflexible!: (number | null)[];
}

/** What a site did on a day. */
export class BalanceDay {
  @Field(schemaOnly({ type: 'string', format: 'date' }))
  date!: string;

  @Field(number())
  import!: number;

  @Field(number())
  export!: number;

  @Field(number())
  production!: number;

  @Field(number())
  charge!: number;

  @Field(number())
  discharge!: number;

  @Field(number())
  flexible!: number;

  @Field(number())
  inflexible!: number;

  @Field(nullable(number()))
  cost!: number | null;

  @Field(nullable(number()))
  revenue!: number | null;

  @Field(number())
  unknown_hours!: number;
}

/** How energy flows at a site, or at all sites of an account. */
export class EnergyBalance {
  @Field(instant())
  start!: string;

  @Field(schemaOnly({ type: 'string', format: 'duration' }))
  resolution!: string;

  @Field(instant())
  now!: string;

  @Field(text())
  timezone!: string;

  @Field(nullable(text()))
  currency!: string | null;

  @ListField(() => BalancePart)
  parts!: BalancePart[];

  @Field(() => EnergyFlows)
  flows!: EnergyFlows;

  @ListField(() => BalanceDay)
  days!: BalanceDay[];

  @Field(list(text()))
  notes!: string[];
}
