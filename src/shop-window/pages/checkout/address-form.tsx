import { useEffect, useRef, useState } from 'preact/hooks';
import { type Address, api, type Area, ask, Refusal } from '../../api/client';
import { useTexts } from '../../state/language';
import { useLoad } from '../../state/use-load';
import { Field, Select } from '../../ui/field';
import { Notice } from '../../ui/states';

const EMPTY = { receiver: '', mobile: '', province_id: 0, city_id: 0, district_id: 0, place: '' };
type Form = typeof EMPTY;

/** What lies inside an area; nothing while none is chosen. */
async function inside(id: number): Promise<readonly Area[]> {
  return id === 0 ? [] : (await ask(api.GET('/areas/{id}/', { params: { path: { id } } }))).subs;
}

/** A new address. What is wrong with it is said by the API, at the field it is about. */
export function AddressForm(props: {
  readonly onCancel: (() => void) | undefined;
  readonly onCreated: (address: Address) => Promise<void>;
}) {
  const t = useTexts();
  const [form, setForm] = useState<Form>(EMPTY);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const change = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }));
  const of = (field: keyof Form) => refusal?.ofField(field);
  const element = useRef<HTMLFormElement>(null);
  const isOpened = props.onCancel !== undefined;

  // Whoever pressed the button that opened the form goes on in it.
  useEffect(() => {
    if (isOpened) {
      element.current?.querySelector('input')?.focus();
    }
  }, [isOpened]);

  const save = async () => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await props.onCreated(await ask(api.POST('/addresses/', { body: form })));
    } catch (error) {
      setRefusal(Refusal.from(error));
      setBusy(false);
    }
  };

  return (
    <form
      ref={element}
      class="address-form"
      aria-label={t('newAddress')}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label={t('receiver')}
        autocomplete="name"
        maxLength={20}
        required
        value={form.receiver}
        error={of('receiver')}
        onText={(receiver) => change({ receiver })}
      />
      <Field
        label={t('mobile')}
        type="tel"
        inputMode="numeric"
        autocomplete="tel-national"
        maxLength={11}
        required
        value={form.mobile}
        error={of('mobile')}
        onText={(mobile) => change({ mobile })}
      />
      <AreaChoice form={form} errorOf={of} onChange={change} />
      <Field
        label={t('place')}
        autocomplete="street-address"
        placeholder={t('placeHint')}
        maxLength={50}
        required
        value={form.place}
        error={of('place')}
        onText={(place) => change({ place })}
      />
      {refusal && !refusal.problem?.errors && <Notice of={refusal} />}
      <div class="actions">
        <button type="submit" class="button" disabled={busy}>
          {busy ? t('saving') : t('saveAddress')}
        </button>
        {props.onCancel && (
          <button type="button" class="button plain" onClick={props.onCancel}>
            {t('cancelForm')}
          </button>
        )}
      </div>
    </form>
  );
}

/** Province, city, district: each list is asked for when the one before is chosen. */
function AreaChoice(props: {
  readonly form: Form;
  readonly errorOf: (field: keyof Form) => string | undefined;
  readonly onChange: (part: Partial<Form>) => void;
}) {
  const { form, errorOf, onChange } = props;
  const t = useTexts();
  const provinces = useLoad('areas', () => ask(api.GET('/areas/')));
  const cities = useLoad(`areas ${form.province_id}`, () => inside(form.province_id));
  const districts = useLoad(`areas ${form.city_id}`, () => inside(form.city_id));
  const failure = provinces.error ?? cities.error ?? districts.error;
  return (
    <div class="three">
      <Select
        label={t('province')}
        prompt={t('choose')}
        choices={provinces.data ?? []}
        value={form.province_id}
        error={errorOf('province_id')}
        onChoice={(id) => onChange({ province_id: id, city_id: 0, district_id: 0 })}
      />
      <Select
        label={t('city')}
        prompt={t('choose')}
        choices={cities.data ?? []}
        value={form.city_id}
        error={errorOf('city_id')}
        onChoice={(id) => onChange({ city_id: id, district_id: 0 })}
      />
      <Select
        label={t('district')}
        prompt={t('choose')}
        choices={districts.data ?? []}
        value={form.district_id}
        error={errorOf('district_id')}
        onChoice={(id) => onChange({ district_id: id })}
      />
      {failure && <Notice of={failure} />}
    </div>
  );
}
