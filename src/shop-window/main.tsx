import { render } from 'preact';
import { App } from './app';
import { refreshCartCount } from './state/cart-count';
import { session } from './state/session';
import './styles/base.css';
import './styles/parts.css';
import './styles/frame.css';
import './styles/pages.css';
import './styles/order.css';

const place = document.getElementById('app');
if (place) {
  render(<App />, place);
}
if (session.get()) {
  void refreshCartCount();
}
