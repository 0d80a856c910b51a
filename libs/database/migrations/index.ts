import { CreateSchema1700000000000 } from './1700000000000-create-schema';
import { CreateJob1700000200000 } from './1700000200000-create-job';
import { PartitionBeliefs1700000300000 } from './1700000300000-partition-beliefs';
import { LeaseJobs1700000600000 } from './1700000600000-lease-jobs';
import { TrackUsers1700000700000 } from './1700000700000-track-users';
import { InsertBeliefsIfNew1700000800000 } from './1700000800000-insert-beliefs-if-new';
import { IncludeValuesInKey1700000900000 } from './1700000900000-include-values-in-key';
import { ShareSourcesOfNewBeliefs1700001000000 } from './1700001000000-share-sources-of-new-beliefs';
import { CreateEvents1700001500000 } from './1700001500000-create-events';
import { EmitEventsOfNewBeliefs1700001600000 } from './1700001600000-emit-events-of-new-beliefs';
import { FindEventHorizonByKey1700001700000 } from './1700001700000-find-event-horizon-by-key';
import { ShareQueues1700001800000 } from './1700001800000-share-queues';
import { KeepRepeatsOfBeliefs1700001900000 } from './1700001900000-keep-repeats-of-beliefs';
import { MergeJobs1700002000000 } from './1700002000000-merge-jobs';
import { NameUsersPerAccount1700002100000 } from './1700002100000-name-users-per-account';
import { DescribeAssets1700002200000 } from './1700002200000-describe-assets';
import { CreateDeviceTokens1700002300000 } from './1700002300000-create-device-tokens';
import { CreateAuditLog1700002310000 } from './1700002310000-create-audit-log';
import { DescribeAccounts1700002320000 } from './1700002320000-describe-accounts';
import { CreateTwoFactor1700002330000 } from './1700002330000-create-two-factor';
import { CreatePlans1700002400000 } from './1700002400000-create-plans';
import { CreateIdempotentAnswers1700002410000 } from './1700002410000-create-idempotent-answers';
import { FindJobsBySubject1700002450000 } from './1700002450000-find-jobs-by-subject';
import { CreateUdiEvents1700002500000 } from './1700002500000-create-udi-events';
import { CreateApiVersionUse1700002510000 } from './1700002510000-create-api-version-use';
import { LeaveRoomForRepeats1700002560000 } from './1700002560000-leave-room-for-repeats';
import { InsertRegularBeliefs1700002580000 } from './1700002580000-insert-regular-beliefs';

/** All migrations, oldest first. */
export const MIGRATIONS = [
  CreateSchema1700000000000,
  CreateJob1700000200000,
  PartitionBeliefs1700000300000,
  LeaseJobs1700000600000,
  TrackUsers1700000700000,
  InsertBeliefsIfNew1700000800000,
  IncludeValuesInKey1700000900000,
  ShareSourcesOfNewBeliefs1700001000000,
  CreateEvents1700001500000,
  EmitEventsOfNewBeliefs1700001600000,
  FindEventHorizonByKey1700001700000,
  ShareQueues1700001800000,
  KeepRepeatsOfBeliefs1700001900000,
  MergeJobs1700002000000,
  NameUsersPerAccount1700002100000,
  DescribeAssets1700002200000,
  CreateDeviceTokens1700002300000,
  CreateAuditLog1700002310000,
  DescribeAccounts1700002320000,
  CreateTwoFactor1700002330000,
  CreatePlans1700002400000,
  CreateIdempotentAnswers1700002410000,
  FindJobsBySubject1700002450000,
  CreateUdiEvents1700002500000,
  CreateApiVersionUse1700002510000,
  LeaveRoomForRepeats1700002560000,
  InsertRegularBeliefs1700002580000,
];
