{
  /* What the pages share: where the API is, who is logged in, and how an answer gets onto the page. */
  const host = 'http://api.meiduo.site:8000';
  const query = new URLSearchParams(location.search);
  const el = (id) => document.getElementById(id);

  /* Nobody logged in sends "JWT undefined", as the original pages do. */
  const asCaller = {
    headers: { Authorization: `JWT ${localStorage.token}` },
    responseType: 'json',
  };
  const withCookie = { ...asCaller, withCredentials: true };

  function keepLogin({ token, username, id }) {
    localStorage.token = token;
    localStorage.username = username;
    localStorage.user_id = id;
  }

  function show(id, text) {
    el(id).textContent = text;
  }

  /* One list entry for each text; what stood there before is gone. */
  function list(id, texts) {
    el(id).replaceChildren(
      ...texts.map((text) => Object.assign(document.createElement('li'), { textContent: text })),
    );
  }

  /* Whoever is not logged in any more is sent to the login page. */
  function toLogin(error) {
    if (error.response.status === 401) {
      location.href = '/login.html';
    }
  }

  Object.assign(globalThis, {
    host,
    query,
    el,
    asCaller,
    withCookie,
    keepLogin,
    show,
    list,
    toLogin,
  });
}
