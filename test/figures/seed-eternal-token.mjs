import passportJwt from 'passport-jwt';

/**
 * Loaded into a process of the shop before its own code, to show that the figure about clocks would
 * notice: a token is good for ever.
 */
const { Strategy } = passportJwt;
const { JwtVerifier } = Strategy;

Strategy.JwtVerifier = (token, key, options, done) =>
  JwtVerifier(token, key, { ...options, ignoreExpiration: true }, done);
