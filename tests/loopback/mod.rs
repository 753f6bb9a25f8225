//! A server on loopback, for tests of what is fetched: it keeps bodies by name and notes what it gave out. How a request
//! is answered is the test's.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// What the server has, and what it answered.
#[derive(Default)]
pub struct Shelf {
    pub bodies: BTreeMap<String, Vec<u8>>,
    pub answered: Vec<String>,
}

/// The first line of a request, and its headers in small letters.
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<String>,
}

/// A server, shared with the thread that it runs in.
#[derive(Clone, Default)]
pub struct Server(Arc<Mutex<Shelf>>);

impl Server {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().expect("no panic")
    }

    pub fn put(&self, name: &str, body: &(impl AsRef<[u8]> + ?Sized)) {
        self.shelf().bodies.insert(name.to_owned(), body.as_ref().to_vec());
    }

    pub fn remove(&self, name: &str) {
        self.shelf().bodies.remove(name);
    }

    /// What was answered since the last call, in order of the words.
    pub fn answered(&self) -> Vec<String> {
        let mut answered = std::mem::take(&mut self.shelf().answered);
        answered.sort();
        answered
    }

    /// Serves until the program ends: `answer` gives the whole response. Gives the address.
    pub fn serve(&self, answer: fn(&mut Shelf, &Request) -> Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let server = self.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let request = Request::read(&stream);
                let response = answer(&mut server.shelf(), &request);
                let _ = stream.write_all(&response);
            }
        });
        address
    }
}

impl Request {
    fn read(stream: &TcpStream) -> Self {
        let mut head = BufReader::new(stream.try_clone().expect("a stream")).lines().map_while(Result::ok);
        let first = head.next().unwrap_or_default();
        let mut words = first.split(' ').map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let headers = head.take_while(|line| !line.is_empty()).map(|line| line.to_lowercase()).collect();
        Self { method, target, headers }
    }
}
