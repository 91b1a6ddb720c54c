import { type Examined, good, unsure } from '../../core/base/examined.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';

/** The assumed settings of Postal, for a person to compare: only Postal itself could confirm them. */
export const examineProfile = ({
  version,
  heloHostname,
  returnPathDomain,
  nameservers,
  webUrl,
}: PostalProfile): Examined => {
  const detail = `${version}, EHLO name ${heloHostname}, return path ${returnPathDomain}, nameservers ${nameservers.join(', ')}`;
  return webUrl === undefined
    ? unsure(
        'Postal profile',
        `${detail}; without webUrl, messages cannot link to Postal`,
        'Add webUrl to postal-profile.json.',
      )
    : good('Postal profile', detail);
};
