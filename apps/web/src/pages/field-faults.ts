import { faultsByField } from '../components/explain.ts';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';

/** What is wrong with the fields of an account, in our words: the server's name patterns. */
export function useFieldFaults(error: unknown): {
  readonly email?: string;
  readonly name?: string;
  readonly password?: string;
  readonly newPassword?: string;
  readonly newEmail?: string;
} {
  const texts = useTexts(accountTexts);
  const faults = faultsByField(error);
  return {
    ...('email' in faults && { email: texts.emailWrong }),
    ...('name' in faults && { name: texts.nameMissing }),
    ...('password' in faults && { password: texts.passwordShort }),
    ...('newEmail' in faults && { newEmail: texts.emailWrong }),
    ...('newPassword' in faults && { newPassword: texts.passwordShort }),
  };
}
