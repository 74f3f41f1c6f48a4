package web_test

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// An application behind two proxies that publishes itself under /shop.
func ExampleTrustedProxies() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	g := web.RequireLogin(client,
		web.TrustedProxies("10.0.0.0/8", "2001:db8::/32"), web.PublicPath("/shop"), web.LoginPage("/login"))
	if err := g.Err(); err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest("GET", "/cart?item=1", nil)
	r.Header.Set("Accept", "text/html")
	_, refusal := g.Check(web.HTTPView(r))
	fmt.Println(refusal.Status, refusal.Header.Get("Location"))
	// Output: 303 /shop/login?next=%2Fshop%2Fcart%3Fitem%3D1
}

// A front end on another origin of the same site may use the cookies.
func ExampleTrustedOrigins() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	g := web.RequireLogin(client, web.Cookies(), web.CookiePrefix("shop_"), web.TrustedOrigins("https://app.example.com"))
	for _, origin := range []string{"https://app.example.com", "https://forum.example.com"} {
		r := httptest.NewRequest("POST", "https://api.example.com/cart", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Cookie", "__Host-shop_access=00000000-0000-0000-0000-000000000000") // never a session
		_, refusal := g.Check(web.HTTPView(r))
		fmt.Println(origin, refusal.Status)
	}
	// Output:
	// https://app.example.com 401
	// https://forum.example.com 403
}

// A WebSocket of a browser's script, which can set no other header.
func ExampleTokenSubprotocol() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	g := web.RequireLogin(client, web.TokensFrom(web.BearerHeader(), web.TokenSubprotocol("lr.bearer.")))
	r := httptest.NewRequest("GET", "/socket", nil)
	token := base64.RawURLEncoding.EncodeToString([]byte("00000000-0000-0000-0000-000000000000")) // never a session
	r.Header.Set("Sec-WebSocket-Protocol", "chat, lr.bearer."+token)
	_, refusal := g.Check(web.HTTPView(r))
	fmt.Println(refusal.Status, refusal.Header.Get("Www-Authenticate"))
	// Output: 401 Bearer realm="loginradius", error="invalid_token"
}
