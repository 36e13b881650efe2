//! Where messages may go: public addresses. The address is looked at when the connection is made, after the name was
//! resolved and on each attempt, and the connection goes to the very address that was looked at. So a name whose
//! answer changes in between gains nothing.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
};

use url::{Host, Url};

/// Finds the addresses of a name; tests bring their own.
pub trait Names: Send + Sync {
    /// The addresses of a name, with a port.
    fn find<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'a>>;
}

/// As the operating system finds them.
pub struct SystemNames;

impl Names for SystemNames {
    fn find<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'a>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    }
}

/// Why nothing is sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// It is no web address.
    NotAnAddress,
    /// It is neither `https` nor, where loopback is allowed, `http` to loopback.
    Scheme,
    /// A user or a password is in it: they would end up in lists.
    Credentials,
    /// It leads into the house, or nowhere.
    Inside,
}

impl std::fmt::Display for Forbidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotAnAddress => "it is no web address",
            Self::Scheme => "only https is sent to",
            Self::Credentials => "there must be no user and no password in it",
            Self::Inside => "it leads to a private, local or reserved address",
        })
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let forbidden = a == 0
        || a == 10
        || (a == 100 && (64..128).contains(&b)) // carriers' own
        || a == 127
        || (a == 169 && b == 254) // link-local, and where clouds keep their metadata
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99) // 6to4's relays
        || (a == 192 && b == 168)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113)
        || a >= 224;
    !forbidden
}

/// Of IPv6 only what is given out for the public network (`2000::/3`) is public, less what carries IPv4 (6to4, Teredo)
/// and what documents and protocols use. So v4-mapped, NAT64, unique-local, link-local, multicast and whatever comes
/// are left out without being named.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let given_out = (0x2000..0x4000).contains(&a);
    let forbidden = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) // Teredo, benchmarking, ORCHID; documents
        || a == 0x2002
        || (a == 0x3fff && b < 0x1000);
    given_out && !forbidden
}

/// Whether messages may go to an address.
pub fn may_go(address: IpAddr, allow_loopback: bool) -> bool {
    let public = match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    };
    public || (allow_loopback && address.is_loopback())
}

/// What an address names.
pub struct Target {
    /// The whole of it.
    pub url: Url,
    /// Whether TLS is spoken.
    pub tls: bool,
    /// The name or the address in it, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    literal: Option<IpAddr>,
}

impl Target {
    /// Reads an address. What is wrong with it without asking anybody is said here: its scheme, a password in it, an IP
    /// address (in whatever notation) that leads into the house.
    pub fn read(text: &str, allow_loopback: bool) -> Result<Self, Forbidden> {
        let url = Url::parse(text.trim()).map_err(|_| Forbidden::NotAnAddress)?;
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(Forbidden::Scheme),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::Credentials);
        }
        let (host, literal) = match url.host().ok_or(Forbidden::NotAnAddress)? {
            Host::Domain(name) => (name.to_owned(), None),
            Host::Ipv4(address) => (address.to_string(), Some(IpAddr::V4(address))),
            Host::Ipv6(address) => (address.to_string(), Some(IpAddr::V6(address))),
        };
        if literal.is_some_and(|address| !may_go(address, allow_loopback)) {
            return Err(Forbidden::Inside);
        }
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let local_name = name == "localhost" || name.ends_with(".localhost");
        if local_name && !allow_loopback {
            return Err(Forbidden::Inside);
        }
        let local = local_name || literal.is_some_and(|address| address.is_loopback());
        let reachable = tls || (allow_loopback && local);
        if !reachable {
            return Err(Forbidden::Scheme);
        }
        let port = url.port_or_known_default().ok_or(Forbidden::NotAnAddress)?;
        Ok(Self { url, tls, host, port, literal })
    }

    /// The address to connect to, found once and looked at. One answer that leads into the house spoils them all.
    pub async fn resolve(
        &self,
        names: &dyn Names,
        allow_loopback: bool,
    ) -> io::Result<Result<Vec<SocketAddr>, Forbidden>> {
        let found = match self.literal {
            Some(address) => vec![SocketAddr::new(address, self.port)],
            None => names.find(&self.host, self.port).await?,
        };
        let allowed = |address: &SocketAddr| {
            may_go(address.ip(), allow_loopback) && (self.tls || address.ip().is_loopback())
        };
        if found.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
        }
        Ok(if found.iter().all(allowed) { Ok(found) } else { Err(Forbidden::Inside) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What leads into the house, or nowhere.
    const INSIDE: &[&str] = &[
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "169.254.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];
    const OUTSIDE: &[&str] = &[
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.255.255",
        "192.169.0.1",
        "223.255.255.255",
        "2001:4860:4860::8888",
        "2606:4700:4700::1111",
        "2a00:1450:4001::1",
    ];

    #[test]
    fn addresses_inside_the_house_are_told_from_those_outside() {
        for text in INSIDE {
            assert!(!may_go(text.parse().unwrap(), false), "{text}");
            let loopback = text.parse::<IpAddr>().unwrap().is_loopback();
            assert_eq!(may_go(text.parse().unwrap(), true), loopback, "{text} with loopback allowed");
        }
        for text in OUTSIDE {
            assert!(may_go(text.parse().unwrap(), false), "{text}");
        }
    }

    #[test]
    fn an_address_is_refused_in_every_notation() {
        for host in [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "0x7f.0x0.0x0.0x1",
            "①②⑦.0.0.1",
            "127。0。0。1",
            "%31%32%37.0.0.1",
            "0",
            "10.1",
            "0xa9fea9fe",
            "2852039166",
            "0251.0376.0251.0376",
            "192.168.257",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[::]",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
        ] {
            let url = format!("https://{host}/hook");
            let read = Target::read(&url, false);
            assert!(matches!(read, Err(Forbidden::Inside)), "{url}: {:?}", read.err());
        }
        for (url, why) in [
            ("http://tienda.example/", Forbidden::Scheme),
            ("http://127.0.0.1/", Forbidden::Inside),
            ("ftp://tienda.example/", Forbidden::Scheme),
            ("file:///etc/passwd", Forbidden::Scheme),
            ("gopher://tienda.example/", Forbidden::Scheme),
            ("https://ana:secreta@tienda.example/", Forbidden::Credentials),
            ("https://127.0.0.1@tienda.example/", Forbidden::Credentials),
            ("https://", Forbidden::NotAnAddress),
            ("tienda.example", Forbidden::NotAnAddress),
            ("https://[fe80::1%25eth0]/", Forbidden::NotAnAddress),
        ] {
            assert_eq!(Target::read(url, false).err(), Some(why), "{url}");
        }
        assert!(Target::read("https://tienda.example/hook?a=b", false).is_ok());
        for url in ["http://127.0.0.1:8080/", "http://[::1]:8080/", "http://localhost:1/", "https://127.1/"] {
            assert!(Target::read(url, true).is_ok(), "{url}");
        }
        for url in ["http://8.8.8.8/", "http://tienda.example/", "http://10.0.0.1/"] {
            assert!(Target::read(url, true).is_err(), "{url}");
        }
    }
}
