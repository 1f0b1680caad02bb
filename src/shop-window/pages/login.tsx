import { useState } from 'preact/hooks';
import { api, ask, Refusal } from '../api/client';
import { useTexts } from '../state/language';
import { go } from '../state/route';
import { logIn } from '../state/session';
import { say } from '../state/toast';
import { Field } from '../ui/field';
import { Icon } from '../ui/icons';
import { useTitle } from '../ui/page-title';
import { Notice } from '../ui/states';

/** The buyer of the demo data; the window is there for it. */
const DEMO = { user: 'demo_buyer', password: 'demo-pass-2026' } as const;

/** Logging in, and back to where the person came from. */
export function LoginPage({ next }: { readonly next: string | null }) {
  const t = useTexts();
  const [username, setUsername] = useState<string>(DEMO.user);
  const [password, setPassword] = useState<string>(DEMO.password);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  useTitle(t('logIn'));

  const submit = async () => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const { token, username: name } = await ask(
        api.POST('/authorizations/', { body: { username, password } }),
      );
      logIn({ token, username: name });
      go(next?.startsWith('/') ? next : '/', { replace: true });
      say({ text: t('loggedIn', { name }), tone: 'good' });
    } catch (error) {
      setRefusal(Refusal.from(error));
      setBusy(false);
    }
  };

  return (
    <div class="width login">
      <form
        class="panel login-panel"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>{t('loginTitle')}</h1>
        {next && <p class="dim">{t('loginNext')}</p>}
        <div class="hint">
          <Icon name="person" />
          <div>
            <p>
              <strong>{t('demoTitle')}</strong>
            </p>
            <p>{t('demoText', DEMO)}</p>
          </div>
        </div>
        <Field
          label={t('username')}
          name="username"
          autocomplete="username"
          required
          value={username}
          error={refusal?.ofField('username')}
          onText={setUsername}
        />
        <Field
          label={t('password')}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          value={password}
          error={refusal?.ofField('password')}
          onText={setPassword}
        />
        {refusal && <Notice of={refusal} />}
        <button type="submit" class="button wide" disabled={busy}>
          {busy ? t('loggingIn') : t('logIn')}
        </button>
      </form>
    </div>
  );
}
