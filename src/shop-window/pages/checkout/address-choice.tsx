import { useState } from 'preact/hooks';
import type { Address } from '../../api/client';
import { useTexts } from '../../state/language';
import { Icon } from '../../ui/icons';
import { AddressForm } from './address-form';

/** Where the order goes: one of the buyer's addresses, or a new one. */
export function AddressChoice(props: {
  readonly addresses: readonly Address[];
  readonly defaultId: number | null;
  readonly chosen: number | undefined;
  readonly onChoose: (id: number) => void;
  readonly onCreated: (address: Address) => Promise<void>;
}) {
  const { addresses } = props;
  const t = useTexts();
  const [writing, setWriting] = useState(false);
  const isOpen = writing || addresses.length === 0;
  return (
    <section class="panel">
      <h2 id="addresses">{t('address')}</h2>
      <div class="options" role="radiogroup" aria-labelledby="addresses">
        {addresses.map((address) => (
          <label key={address.id} class="option">
            <input
              type="radio"
              name="address"
              checked={address.id === props.chosen}
              onChange={() => props.onChoose(address.id)}
            />
            <span>
              <span class="option-head">
                <strong>{address.receiver}</strong>
                <span>{address.mobile}</span>
                {address.id === props.defaultId && <span class="tag">{t('defaultAddress')}</span>}
              </span>
              <span class="dim">
                {address.province} {address.city} {address.district} {address.place}
              </span>
            </span>
          </label>
        ))}
      </div>
      {isOpen ? (
        <AddressForm
          onCancel={addresses.length > 0 ? () => setWriting(false) : undefined}
          onCreated={async (address) => {
            await props.onCreated(address);
            setWriting(false);
          }}
        />
      ) : (
        <button type="button" class="quiet add" onClick={() => setWriting(true)}>
          <Icon name="plus" />
          {t('newAddress')}
        </button>
      )}
    </section>
  );
}
