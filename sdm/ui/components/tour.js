// The tour comes by itself once per browser.
export default function () {
  document.cookie = "tour=seen; max-age=31536000; path=/; samesite=lax";
}
