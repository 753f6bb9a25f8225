//! Where a warehouse is: the address as people type it, without its password wherever it is shown.

use std::path::PathBuf;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::fault::refused;
use crate::error::{Error, Result};

/// What `sslmode` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// No encryption, or encryption with whoever answers: `disable` and `prefer`.
    Anyone,
    /// Encryption with a server whose certificate is good: `require`, `verify-ca` and `verify-full`.
    Verified,
}

/// A server, a database and a user.
#[derive(Clone)]
pub struct Target {
    pub(super) config: Config,
    pub(super) trust: Trust,
    /// File of certificates that are trusted beside those of the system.
    pub(super) root_certificates: Option<PathBuf>,
}

impl Target {
    /// Reads an address such as `postgres://user@host:5432/database?sslmode=require`. A password may stand in it, or
    /// in the environment as `PGPASSWORD`, where nobody sees it in the list of processes.
    ///
    /// # Errors
    /// When the address is none of PostgreSQL, or has an option that is not known.
    pub fn parse(address: &str) -> Result<Self> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme)) {
            return Err(refused("--to takes an address such as postgres://user@host:5432/database"));
        }
        let (address, options) = address.split_once('?').unwrap_or((address, ""));
        let (mut kept, mut trust, mut root_certificates) = (Vec::new(), Trust::Anyone, None);
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=').unwrap_or((option, "")) {
                ("sslmode", "require" | "verify-ca" | "verify-full") => {
                    trust = Trust::Verified;
                    kept.push("sslmode=require".to_owned());
                }
                ("sslrootcert", path) => root_certificates = Some(PathBuf::from(path)),
                _ => kept.push(option.to_owned()),
            }
        }
        let parsed: Result<Config, _> = format!("{address}?{}", kept.join("&")).parse();
        // The parser's own words may quote the address, and with it the password.
        let mut config = parsed.map_err(|_| {
            refused(
                "the address cannot be read: write special characters of a password as %XX, or give the password as \
                 PGPASSWORD",
            )
        })?;
        complete(&mut config)?;
        Ok(Self { config, trust, root_certificates })
    }
}

/// Fills in what the environment says.
fn complete(config: &mut Config) -> Result<()> {
    let from = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if config.get_password().is_none()
        && let Some(password) = from("PGPASSWORD")
    {
        config.password(password);
    }
    if config.get_user().is_none() {
        let user = from("PGUSER").or_else(|| from("USER"));
        config.user(user.ok_or_else(|| no("a user"))?);
    }
    if config.get_hosts().is_empty() {
        config.host(from("PGHOST").unwrap_or_else(|| "localhost".to_owned()));
    }
    if config.get_dbname().is_none() {
        config.dbname(from("PGDATABASE").ok_or_else(|| no("a database"))?);
    }
    config.application_name("juesuan").connect_timeout(std::time::Duration::from_secs(15));
    Ok(())
}

fn no(what: &str) -> Error {
    refused(format!("the address names no {}: write postgres://user@host/database", what.trim_start_matches("a ")))
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hosts: Vec<String> = self.config.get_hosts().iter().map(host).collect();
        let ports: Vec<String> = self.config.get_ports().iter().map(ToString::to_string).collect();
        let (hosts, ports) = (hosts.join(","), ports.join(","));
        let port = if ports.is_empty() { ports } else { format!(":{ports}") };
        let [user, database] = [self.config.get_user(), self.config.get_dbname()].map(Option::unwrap_or_default);
        write!(f, "{user}@{hosts}{port}/{database}")
    }
}

/// The address with a password in it is nobody's to see, in a debugger's print either.
impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({self})")
    }
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::SslMode;

    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let target = Target::parse("postgres://reader:geheim%40x@db.example:5433/fiscal").expect("an address");
        assert_eq!(target.to_string(), "reader@db.example:5433/fiscal");
        assert!(!format!("{target:?}").contains("geheim"));
        assert_eq!(target.config.get_password(), Some(b"geheim@x".as_slice()));
        let broken = Target::parse("postgres://reader:geheim@db:port/fiscal").expect_err("a port is a number");
        assert!(!broken.to_string().contains("geheim"), "{broken}");
    }

    #[test]
    fn a_certificate_is_looked_at_when_encryption_is_demanded() {
        let of = |options: &str| Target::parse(&format!("postgres://u@h/d{options}")).expect("an address");
        assert_eq!(of("").trust, Trust::Anyone);
        assert_eq!(of("").config.get_ssl_mode(), SslMode::Prefer);
        assert_eq!(of("?sslmode=verify-full&sslrootcert=/ca.pem").trust, Trust::Verified);
        assert_eq!(of("?sslmode=verify-ca").config.get_ssl_mode(), SslMode::Require);
        assert_eq!(of("?sslrootcert=/ca.pem").root_certificates, Some(PathBuf::from("/ca.pem")));
    }

    #[test]
    fn what_is_no_address_of_postgresql_is_refused_with_an_example() {
        for wrong in ["mysql://u@h/d", "data/", "postgres://u@h"] {
            let error = Target::parse(wrong).expect_err(wrong).to_string();
            assert!(error.contains("postgres://user@host"), "{error}");
        }
    }
}
