import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

/** What the browser is told of an input, so that it can help to fill it in. */
interface Attributes {
  readonly value: string;
  readonly name?: string;
  readonly type?: 'text' | 'password' | 'tel';
  readonly inputMode?: 'numeric';
  readonly autocomplete?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly required?: boolean;
}

/** One line of a form: label, input, and what is wrong with it. */
export function Field(
  props: Attributes & {
    readonly label: string;
    readonly error?: string | undefined;
    readonly onText: (text: string) => void;
  },
) {
  const { label, error, onText, ...rest } = props;
  // Preact's types tell inputs of different `type` apart, so they cannot be told one by one.
  const attributes = rest as JSX.IntrinsicElements['input'];
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...attributes}
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <FieldError id={`${id}-error`} text={error} />
    </div>
  );
}

interface Choice {
  readonly id: number;
  readonly name: string;
}

/** A choice from a list, the same way. 0 is no choice. */
export function Select(props: {
  readonly label: string;
  readonly prompt: string;
  readonly choices: readonly Choice[];
  readonly value: number;
  readonly error?: string | undefined;
  readonly onChoice: (id: number) => void;
}) {
  const { label, prompt, choices, value, error, onChoice } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        required
        disabled={choices.length === 0}
        value={value || ''}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onChange={(event) => onChoice(Number(event.currentTarget.value))}
      >
        <option value="">{prompt}</option>
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.name}
          </option>
        ))}
      </select>
      <FieldError id={`${id}-error`} text={error} />
    </div>
  );
}

function FieldError({ id, text }: { readonly id: string; readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p class="field-error" id={id} role="alert">
      {text}
    </p>
  );
}
